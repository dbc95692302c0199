"""Which rule reports what is wrong with options: one table, from the cause to the rule, read from the top.

A cause that another finding tells of is reported by no rule, so that nothing is said twice. A rule about options is
a line here and a module that asks `problems.problems_of` for what it reports.
"""

from __future__ import annotations

from collections.abc import Callable

from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web_names import API, DOMAIN_KEY, ICON, PROMPTS, URL, is_handler
from chatkit_doctor.frontend.options.api import is_outside_api, keys_outside, misnamed_api, stand_ins
from chatkit_doctor.frontend.options.literals import is_only_cast, surely
from chatkit_doctor.frontend.options.prompts import label_without_prompt, misnamed_keys
from chatkit_doctor.frontend.options.schema import ITEM, Fault, OptionProblem
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.values import NullValue, ObjectValue

_PROMPT = (*PROMPTS, ITEM)
_HANDED_OVER = frozenset({SiteKind.SET_OPTIONS, SiteKind.ASSIGNMENT})


@dataclass(frozen=True, slots=True)
class Case:
    """One problem, with the options that it is found in and where they are handed over.

    is_checked: whether the options are held against all of the types; of others only what is surely wrong is told.
    """

    site: OptionsSite
    options: ObjectValue
    problem: OptionProblem
    is_checked: bool = True

    @property
    def is_in_api(self) -> bool:
        """Return whether it is about a key that `api` itself has or lacks."""
        return len(self.problem.path) == 2 and self.problem.path[0] == API

    @property
    def is_in_prompt(self) -> bool:
        """Return whether it is about a prompt of the start screen, or what is in one."""
        return self.problem.path[:3] == _PROMPT


def rule_for(case: Case) -> str | None:
    """Return the code of the rule that a problem is reported by; None where another finding has the same cause."""
    return next(rule for has_cause, rule in _CAUSES if has_cause(case))


def _is_left_out_of_a_part(case: Case) -> bool:
    """Return whether a key is lacking that the declared type lets be left out: of the options, or of any part."""
    is_deep = len(case.problem.path) > 1
    return case.problem.fault is Fault.MISSING and (case.site.deep if is_deep else case.site.partial)


def _is_api_written_outside(case: Case) -> bool:
    """Return whether there is no `api`, whose keys stand beside the other options."""
    return case.problem.path == (API,) and case.problem.fault is Fault.MISSING and bool(keys_outside(case.options))


def _is_api_misnamed(case: Case) -> bool:
    """Return whether there is no `api`, and a key that ChatKit does not know stands for it."""
    is_missing = case.problem.path == (API,) and case.problem.fault is Fault.MISSING
    return is_missing and misnamed_api(case.options) is not None


def _is_no_api(case: Case) -> bool:
    """Return whether what is given for `api` is none, or of two kinds at once."""
    return case.problem.path == (API,) and case.problem.fault is not Fault.MISSING


def _stands_for_key_of_api(case: Case) -> bool:
    """Return whether a key of `api` is unknown and another one was meant."""
    return case.is_in_api and case.problem.fault is Fault.UNKNOWN and case.problem.name in _stand_ins(case)


def _is_replaced_in_api(case: Case) -> bool:
    """Return whether `api` lacks a key that another one stands for."""
    return case.is_in_api and case.problem.fault is Fault.MISSING and case.problem.name in _stand_ins(case).values()


def _lacks_domain_key(case: Case) -> bool:
    return case.is_in_api and case.problem.fault is Fault.MISSING and case.problem.name == DOMAIN_KEY


def _lacks_domain_key_beside_url(case: Case) -> bool:
    """Return whether an `api` that is handed over as it is has the url of a server and no key."""
    if not _lacks_domain_key(case) or is_only_cast(case.site) or surely(case.options, API) is None:
        return False
    api = case.problem.value
    return isinstance(api, ObjectValue) and surely(api, URL) is not None


def _is_of_unchecked(case: Case) -> bool:
    """Return whether options that are only cast, or another package's, are not held against the types here."""
    return not case.is_checked


def _lacks_key_of_api(case: Case) -> bool:
    return case.is_in_api and case.problem.fault is Fault.MISSING


def _belongs_in_api(case: Case) -> bool:
    return is_outside_api(case.options, case.problem)


def _is_wrong_icon_of_prompt(case: Case) -> bool:
    is_icon = case.is_in_prompt and case.problem.path[3:] == (ICON,)
    return is_icon and case.problem.fault is Fault.WRONG and not isinstance(case.problem.value, NullValue)


def _is_misnamed_in_prompt(case: Case) -> bool:
    """Return whether a key of a prompt stands where its label or its text should."""
    entry = case.problem.entry
    if case.problem.fault is not Fault.UNKNOWN or entry is None or (prompt := _prompt(case)) is None:
        return False
    return any(each.key_location == entry.key_location for each, _ in misnamed_keys(prompt))


def _is_missing_beside_misnamed(case: Case) -> bool:
    """Return whether a prompt lacks a key and has misnamed ones, or a label and nothing to send."""
    if case.problem.fault is not Fault.MISSING or (prompt := _prompt(case)) is None:
        return False
    return any(misnamed_keys(prompt)) or label_without_prompt(prompt) is not None


def _is_handler_of_hook(case: Case) -> bool:
    return _is_handler(case) and case.site.hook


def _is_handler_only_declared(case: Case) -> bool:
    """Return whether a handler stands in what may be spread into the options of the hook, which takes handlers."""
    return _is_handler(case) and not any(use.kind in _HANDED_OVER for use in case.site.uses)


def _has(*faults: Fault) -> Callable[[Case], bool]:
    return lambda case: case.problem.fault in faults


_CAUSES: tuple[tuple[Callable[[Case], bool], str | None], ...] = (
    (_is_left_out_of_a_part, None),
    (_is_replaced_in_api, None),
    (_lacks_domain_key_beside_url, "CK401"),
    # Without a url, that is what is wrong.
    (_lacks_domain_key, None),
    (_is_wrong_icon_of_prompt, "CK405"),
    (_is_misnamed_in_prompt, "CK404"),
    (_is_missing_beside_misnamed, "CK404"),
    (_is_of_unchecked, None),
    (_is_api_written_outside, None),
    (_is_api_misnamed, None),
    (_is_no_api, "CK403"),
    (_stands_for_key_of_api, "CK403"),
    (_lacks_key_of_api, "CK403"),
    (_belongs_in_api, "CK403"),
    (_is_handler_of_hook, "CK411"),
    (_is_handler_only_declared, None),
    (_has(Fault.UNKNOWN), "CK406"),
    (_has(Fault.WRONG), "CK407"),
    (_has(Fault.MISSING), "CK408"),
    (_has(Fault.MIXED, Fault.SHAPELESS), "CK403"),
)


def _stand_ins(case: Case) -> dict[str, str]:
    """Return the keys of an `api` that stand for others, each with the one that is meant."""
    problem = case.problem
    if not isinstance(problem.value, ObjectValue):
        return {}
    return stand_ins(problem.value, problem.schema if isinstance(problem.schema, ObjectType) else None)


def _prompt(case: Case) -> ObjectValue | None:
    """Return the prompt that has or lacks the key that a problem is about."""
    value = case.problem.value
    return value if case.is_in_prompt and len(case.problem.path) == 4 and isinstance(value, ObjectValue) else None


def _is_handler(case: Case) -> bool:
    problem = case.problem
    is_key = problem.fault is Fault.UNKNOWN and len(problem.path) == 1
    return is_key and is_handler(problem.name)
