"""CK215: a table of SQLAlchemy in the reference app, with a JSON column that is changed in place."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation

_NOTES = "backend/app/notes.py"
_TEXT = '''"""Notes of a thread."""

from chatkit.types import ThreadMetadata
from sqlalchemy import JSON, Column, String
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    pass


class Notes(Base):
    __tablename__ = "notes"

    id = Column(String, primary_key=True)
    texts = Column(JSON, nullable=False)


def add_note(session: Session, thread: ThreadMetadata, text: str) -> None:
    notes = session.get(Notes, thread.id)
    notes.texts.append(text)
    session.commit()
'''

MUTATIONS = (Mutation("CK215", "notes", (Edit(_NOTES, None, _TEXT),), path=_NOTES, marked="notes.texts.append(text)"),)
