"""The shape of a rule page's front matter, by which the tests hold every page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chatkit_doctor.finding import Applicability, Severity

OneLine = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S[^\n]*$")]
Sentence = Annotated[str, StringConstraints(pattern=r"^[^\n]+[.]$")]

HEADINGS = (
    "What it finds",
    "Why it is bad",
    "Example",
    "Use instead",
    "Exceptions",
    "Fix safety",
    "Sources",
)


class FrontMatter(BaseModel):
    """What stands between the dashes at the top of a page.

    seen_as: what a finding may show that its user sees, by name, with blanks that the finding fills.
    symptoms: further messages that people meet and paste. `<name>` is a blank for a word, `<name:kind>` for a word of a
    kind, `…` for any text. complaints: what people say in words of their own.
    values: the lists of values that the rule judges by.
    stops_the_start: what it finds keeps the app from starting, or from being built; told before other errors.
    rows: of the Complete Error Reference.
    """

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^CK[1-9]\d\d$")]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
    area: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    severity: Severity
    fix: Annotated[list[Applicability], Field(max_length=2)]
    why: Sentence
    seen_as: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")], OneLine] = {}
    symptoms: list[OneLine] = []
    complaints: list[OneLine] = []
    values: list[OneLine] = []
    stops_the_start: bool = False
    rows: list[Annotated[int, Field(ge=1, le=13)]]
    releases: OneLine
    sources: Annotated[list[OneLine], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_found(self) -> FrontMatter:
        if not (self.seen_as or self.symptoms or self.complaints):
            raise ValueError("a page says how people meet what it is about: seen_as, symptoms or complaints")
        return self
