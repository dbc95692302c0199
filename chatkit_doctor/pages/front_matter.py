"""The shape of a rule page's front matter, by which the tests hold every page."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chatkit_doctor.finding import Applicability, Severity

Line = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S[^\n]*$")]
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

    symptoms: what people see or paste; `<word>` stands for anything. rows: of the Complete Error Reference.
    """

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^CK[1-9]\d\d$")]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
    area: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    severity: Severity
    fix: Annotated[list[Applicability], Field(max_length=2)]
    why: Sentence
    symptoms: Annotated[list[Line], Field(min_length=1)]
    rows: list[Annotated[int, Field(ge=1, le=13)]]
    releases: Line
    sources: Annotated[list[Line], Field(min_length=1)]
