#include "report/html_style.hpp"

namespace slicetool::report::html {

// Blue, vermilion and orange are told apart with every kind of colour blindness (Okabe and Ito,
// "Color Universal Design", 2008); each also has a word beside it wherever it means something.
const std::string_view k_style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --soft: #5b6776; --line: #dfe3e9; --track: #eef1f4;
  --missing: #0072b2; --extra: #d55e00; --changed: #e0a100;
  --good: #0f6b4f; --good-wash: #e2f3ec; --warn: #8a5200; --warn-wash: #fdf0d8; --bad: #b3261e; --bad-wash: #fce8e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161c; --card: #1a2129; --ink: #e4e9ef; --soft: #98a5b3; --line: #2c3640; --track: #232c35;
    --missing: #56b4e9; --extra: #f08548; --changed: #f0c14b;
    --good: #7fd6b4; --good-wash: #163329; --warn: #f3c274; --warn-wash: #3a2c12; --bad: #ff9d94; --bad-wash: #44201d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; padding: 2rem 1.25rem 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
main { max-width: 68rem; margin: 0 auto; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 1.05rem; font-weight: 650; }
p { margin: 0; }
code, pre, .name { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 0.92em; }
.name { overflow-wrap: anywhere; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.head { padding: 1.4rem 1.5rem; border-left: 6px solid var(--tone); }
.tone-good { --tone: var(--good); --wash: var(--good-wash); }
.tone-warn { --tone: var(--warn); --wash: var(--warn-wash); }
.tone-bad { --tone: var(--bad); --wash: var(--bad-wash); }
.tone-none { --tone: var(--soft); --wash: var(--track); }
.kicker { color: var(--soft); font-size: 0.85rem; margin-bottom: 0.3rem; }
.head .sentence { margin-top: 0.5rem; max-width: 48rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.route { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 0.9rem; margin: 1rem 0 0; }
.route dt { color: var(--soft); }
.route dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: flex; flex-wrap: wrap; gap: 1px; margin-top: 1rem; background: var(--line); overflow: hidden; }
.figure { flex: 1 1 8rem; background: var(--card); padding: 0.85rem 1rem; }
.figure b { display: block; font-size: 1.35rem; font-weight: 620; font-variant-numeric: tabular-nums; line-height: 1.25; white-space: nowrap; }
.figure span { color: var(--soft); font-size: 0.85rem; }
.badge { display: inline-block; padding: 0.08rem 0.55rem; border-radius: 99px; background: var(--wash); color: var(--tone);
  font-size: 0.8rem; font-weight: 620; white-space: nowrap; }
.messages { list-style: none; margin: 0; padding: 0.35rem 0; }
.messages li { padding: 0.55rem 1.25rem; }
.messages li + li { border-top: 1px solid var(--line); }
.messages p { white-space: pre-wrap; overflow-wrap: anywhere; }
.messages .name { font-weight: 620; margin-right: 0.4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { padding: 0.6rem 0.8rem; text-align: left; font-size: 0.8rem; font-weight: 560; color: var(--soft); white-space: nowrap; }
th.num { text-align: right; }
td { padding: 0.55rem 0.8rem; vertical-align: baseline; }
td.name { min-width: 8rem; }
tbody { border-top: 1px solid var(--line); }
tbody td:first-child, thead th:first-child { padding-left: 1.25rem; }
tbody td:last-child, thead th:last-child { padding-right: 1.25rem; }
tr.more td { max-width: 0; padding-top: 0; padding-bottom: 0.75rem; }
.reason { white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); max-width: 52rem; }
.zero { color: var(--soft); }
.strip { display: block; width: 100%; height: 36px; }
.strip .track { fill: var(--track); }
.strip .missing, .key .missing { fill: var(--missing); background: var(--missing); }
.strip .extra, .key .extra { fill: var(--extra); background: var(--extra); }
.strip .changed, .key .changed { fill: var(--changed); background: var(--changed); }
.axis { display: flex; justify-content: space-between; gap: 1rem; color: var(--soft); font-size: 0.75rem; margin-top: 0.2rem; }
.axis .end { flex: none; }
.axis span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; padding: 0.7rem 1.25rem; border-top: 1px solid var(--line);
  color: var(--soft); font-size: 0.82rem; }
.key i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.4em; vertical-align: -0.05em; }
pre { margin: 0.4rem 0 0; padding: 0.7rem 0.9rem; background: var(--track); border-radius: 6px; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.schema ul { margin: 0.2rem 0 0; padding-left: 1.1rem; }
.chart { display: block; width: 100%; height: 56px; }
.chart rect { fill: var(--soft); }
.chart rect.tone-good, .chart rect.tone-warn, .chart rect.tone-bad { fill: var(--tone); }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; padding: 1rem 1.25rem; }
.charts p { color: var(--soft); font-size: 0.82rem; margin-bottom: 0.3rem; }
.empty { padding: 1.1rem 1.25rem; color: var(--soft); }
footer { margin-top: 2.5rem; color: var(--soft); font-size: 0.82rem; }
@media (max-width: 46rem) {
  body { padding: 1rem 0.75rem 2rem; font-size: 14px; }
  h1 { font-size: 1.4rem; }
  .head { padding: 1rem 1.1rem; }
  .route { grid-template-columns: 1fr; gap: 0; }
  .route dd { margin-bottom: 0.5rem; }
  .axis .quarter { display: none; }
  .charts { grid-template-columns: 1fr; }
  .stack thead { display: none; }
  .stack, .stack tbody { display: block; }
  .stack tbody { padding: 0.5rem 0; }
  .stack tr { display: grid; grid-template-columns: 1fr 1fr 1fr; padding: 0.25rem 1.1rem; }
  .stack td, .stack tbody td:first-child, .stack tbody td:last-child { padding: 0.15rem 0; text-align: left; }
  .stack td.zero { display: none; }
  .stack td:first-child { grid-column: 1 / 3; }
  .stack td.result { grid-column: 3; grid-row: 1; text-align: right; }
  .stack tr.more td { grid-column: 1 / -1; max-width: none; min-width: 0; }
  .stack td[data-of]::before { content: attr(data-of); display: block; color: var(--soft); font-size: 0.75rem; }
}
@media print {
  :root { --page: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --track: #eeeeee;
    --missing: #0072b2; --extra: #d55e00; --changed: #e0a100; --good: #0f6b4f; --good-wash: #ffffff; --warn: #8a5200;
    --warn-wash: #ffffff; --bad: #b3261e; --bad-wash: #ffffff; }
  body { padding: 0; font-size: 10pt; }
  .card { border-radius: 0; }
  .figure { flex-basis: 5rem; padding: 0.5rem 0.6rem; }
  .figure b { font-size: 1.05rem; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  th, td { padding: 0.3rem 0.4rem; }
  .axis .quarter { display: none; }
  .strip, .chart, .key i, .head { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  tbody, .messages li, .head, .figures { break-inside: avoid; }
  h2 { break-after: avoid; }
}
)css";

} // namespace slicetool::report::html
