"""CK117: which dumps of threads and items a store hands to what writes JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

MODELS = """
from django.db import models
from sqlalchemy import Column, JSON, String
from sqlalchemy.orm import DeclarativeBase, validates
from fastapi.encoders import jsonable_encoder
from tortoise import Model, fields


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"

    id = Column(String, primary_key=True)
    data = Column(JSON)


class Chat(models.Model):
    data = models.JSONField()
    encoded = models.JSONField(encoder=Encoder)
    third = models.JSONField("Third", None, Encoder)


class Remade(Base):
    __tablename__ = "remade"

    id = Column(String, primary_key=True)
    data = Column(JSON)

    @validates("data")
    def to_json(self, key, value):
        return jsonable_encoder(value)


class Tortoise(Model):
    data = fields.JSONField()
"""
STORE = """
import json

import azure.cosmos, orjson
from chatkit.store import Store
from chatkit.types import ThreadItem
from fastapi.encoders import jsonable_encoder
from models import Chat, Remade, Row, Tortoise
from psycopg.types.json import Jsonb


class MyStore(Store[dict]):
    async def save_item(self, thread_id, item, context):
        {}

    def packed(self, model):
        values = model.model_dump()
        return json.dumps(values)

    def plain(self, model):
        return model.model_dump()
"""
REFUSED = {
    "json": "await self.write(item.id, json.dumps(item.model_dump()))",
    "file": "json.dump({'items': [item.dict()]}, self.file)",
    "either": "self.write(json.dumps(item.model_dump() if hasattr(item, 'model_dump') else item.dict()))",
    "helper": "self.write(self.packed(item))",
    "function": "self.write(json.dumps({'item': self.plain(item)}))",
    "several": "items: list[ThreadItem] = self.all(); self.write(json.dumps([each.model_dump() for each in items]))",
    "psycopg": "self.write(Jsonb(item.model_dump(exclude={'thread_id'})))",
    "column": "await self.session.merge(Row(id=item.id, data=item.model_dump()))",
    "set": "row = await self.session.get(Row, item.id); row.data = item.model_dump(); await self.session.commit()",
    "django": "await Chat.objects.aupdate_or_create(id=item.id, defaults={'data': item.model_dump()})",
    "cosmos": "document = {'id': item.id, 'item': item.model_dump()}; await self.container.upsert_item(document)",
}
WRITTEN = {
    "for json": "self.write(json.dumps(item.model_dump(mode='json')))",
    "by default": "self.write(json.dumps(item.model_dump(), default=str))",
    "without the time": "self.write(json.dumps(item.model_dump(exclude={'created_at'})))",
    "a part": "self.write(json.dumps([part.model_dump() for part in item.content]))",
    "encoded": "self.write(json.dumps(jsonable_encoder(item.model_dump())))",
    "by orjson": "self.write(orjson.dumps(item.model_dump()))",
    "changed": "values = item.model_dump(); values['created_at'] = 'now'; self.write(json.dumps(values))",
    "overwritten": "self.write(json.dumps({**item.model_dump(), 'created_at': item.created_at.isoformat()}))",
    "taken out": "values = item.model_dump(); values.pop('created_at'); self.write(json.dumps(values))",
    "for mongo": "await self.database.items.replace_one({'_id': item.id}, item.model_dump(), upsert=True)",
    "a column with an encoder": "await Chat.objects.aupdate_or_create(id=item.id, defaults={'encoded': item.dict()})",
    "a third argument": "await Chat.objects.aupdate_or_create(id=item.id, defaults={'third': item.dict()})",
    "a validator": "await self.session.merge(Remade(id=item.id, data=item.model_dump()))",
    "a field of another package": "await Tortoise(id=item.id, data=item.model_dump()).save()",
    "handed over": "values = item.model_dump()\n        texts_of(values)\n        self.write(json.dumps(values))",
    "added to": "self.write(json.dumps(dict(item.model_dump(), created_at=str(item.created_at))))",
    "caught": """try:
            self.write(json.dumps(item.model_dump()))
        except TypeError:
            self.write(item.model_dump_json())""",
    "another attribute": "row = await self.session.get(Row, item.id); row.other = item.model_dump()",
    "something else": "self.write(json.dumps(context['user'].model_dump()))",
}


def _stores(bodies: dict[str, str]) -> dict[str, str]:
    return {"models.py": MODELS} | {f"{name.replace(' ', '_')}.py": STORE.format(body) for name, body in bodies.items()}


def test_a_time_that_json_refuses_is_found(tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK117").findings(_stores(REFUSED))

    assert {each.at.path.stem for each in found} == REFUSED.keys()
    assert all("holds a datetime in 'created_at', which " in each.message for each in found)


def test_what_can_be_written_keeps_it_quiet(tmp_path: Path) -> None:
    assert not Folder(tmp_path, "CK117").findings(_stores(WRITTEN))


def test_a_dump_whose_times_are_used_is_left_alone(tmp_path: Path) -> None:
    used = "values = item.model_dump(); self.write(values['created_at'], json.dumps(values))"

    assert Folder(tmp_path, "CK117").fixed(STORE.format(used)) is None


@pytest.mark.parametrize(
    ("body", "beside"),
    [
        (REFUSED["column"], "engine = create_engine(URL, json_serializer=dumped)"),
        (REFUSED["psycopg"], "set_json_dumps(dumped)"),
        (REFUSED["json"], "json.JSONEncoder.default = dumped"),
        (REFUSED["cosmos"], "class Items:\n    async def upsert_item(self, item):\n        self.write(dumped(item))"),
    ],
)
def test_what_a_file_without_chatkit_makes_of_all_values_is_asked(body: str, beside: str, tmp_path: Path) -> None:
    project = {"models.py": MODELS, "store.py": STORE.format(body)}

    assert len(Folder(tmp_path / "alone", "CK117").findings(project)) == 1
    assert not Folder(tmp_path / "beside", "CK117").findings({**project, "database.py": beside})


def test_a_dump_of_something_awaited_stays_awaited(tmp_path: Path) -> None:
    text = STORE.format("self.write(json.dumps((await self.own(item)).dict()))").replace(
        "    def plain(", "    async def own(self, item) -> ThreadItem:\n        return item\n\n    def plain("
    )

    assert '(await self.own(item)).model_dump(mode="json")' in (Folder(tmp_path, "CK117").fixed(text) or "")
