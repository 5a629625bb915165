#include "sync/step.hpp"

#include <utility>

namespace slicetool::sync {

Step sync_step(TableChoices choices)
{
    Step step;
    step.choices = std::move(choices);
    return step;
}

std::string_view step_word(StepKind kind)
{
    switch (kind) {
    case StepKind::sync:
        return "sync";
    case StepKind::lite:
        return "lite";
    case StepKind::keys:
        return "keys";
    case StepKind::replace:
        return "replace";
    case StepKind::clear:
        return "clear";
    case StepKind::sql:
        return "sql";
    case StepKind::skip:
        return "skip";
    }
    return "";
}

} // namespace slicetool::sync
