#include "report/words.hpp"

#include <algorithm>

namespace slicetool::report {

std::string_view word(Phase phase)
{
    switch (phase) {
    case Phase::waiting:
        return "waiting";
    case Phase::scanning:
        return "scanning";
    case Phase::zooming:
        return "zooming";
    case Phase::copying:
        return "copying";
    case Phase::deleting:
        return "deleting";
    case Phase::proving:
        return "proving";
    }
    return "";
}

std::string_view word(Severity severity)
{
    return severity == Severity::info ? "info" : "warning";
}

std::string_view word(DifferenceKind kind)
{
    switch (kind) {
    case DifferenceKind::missing:
        return "missing";
    case DifferenceKind::extra:
        return "extra";
    case DifferenceKind::changed:
        return "changed";
    case DifferenceKind::changed_since:
        return "changed_since";
    case DifferenceKind::held:
        return "held";
    }
    return "";
}

std::string_view word(Outcome outcome)
{
    switch (outcome) {
    case Outcome::equal:
        return "equal";
    case Outcome::made_equal:
        return "made_equal";
    case Outcome::lite:
        return "lite";
    case Outcome::done:
        return "done";
    case Outcome::different:
        return "different";
    case Outcome::skipped:
        return "skipped";
    case Outcome::refused:
        return "refused";
    case Outcome::failed:
        return "failed";
    }
    return "";
}

std::string_view word(SchemaAction action)
{
    switch (action) {
    case SchemaAction::created:
        return "created";
    case SchemaAction::equal:
        return "equal";
    case SchemaAction::drift:
        return "drift";
    case SchemaAction::altered:
        return "altered";
    case SchemaAction::recreated:
        return "recreated";
    case SchemaAction::refused:
        return "refused";
    case SchemaAction::would_create:
        return "would_create";
    case SchemaAction::would_alter:
        return "would_alter";
    case SchemaAction::failed:
        return "failed";
    }
    return "";
}

std::string_view word(UndoOutcome outcome)
{
    switch (outcome) {
    case UndoOutcome::restored:
        return "restored";
    case UndoOutcome::as_before:
        return "as_before";
    case UndoOutcome::partly:
        return "partly";
    case UndoOutcome::refused:
        return "refused";
    case UndoOutcome::failed:
        return "failed";
    case UndoOutcome::left_out:
        return "left_out";
    }
    return "";
}

std::string_view headline(Outcome outcome)
{
    switch (outcome) {
    case Outcome::equal:
        return "EQUAL";
    case Outcome::made_equal:
        return "MADE EQUAL";
    case Outcome::lite:
        return "LITE";
    case Outcome::done:
        return "DONE";
    case Outcome::different:
        return "DIFFERENT";
    case Outcome::skipped:
        return "SKIPPED";
    case Outcome::refused:
        return "REFUSED";
    case Outcome::failed:
        return "FAILED";
    }
    return "";
}

std::string spoken(std::string_view word)
{
    std::string result(word);
    std::replace(result.begin(), result.end(), '_', ' ');
    return result;
}

std::string spoken(SchemaAction action)
{
    return action == SchemaAction::drift ? "with drift" : spoken(word(action));
}

} // namespace slicetool::report
