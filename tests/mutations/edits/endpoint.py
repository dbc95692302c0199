"""CK7 in the reference app: its endpoint, wrongly glued."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation

MAIN = "backend/app/main.py"

MUTATIONS = (
    mutation(
        "CK701",
        "called",
        "result.json()",
        Edit(MAIN, "Response(content=result.json, media", "Response(content=result.json(), media"),
    ),
    mutation(
        "CK701",
        "encoded",
        "JSONResponse(result.json)",
        Edit(
            MAIN,
            'return Response(content=result.json, media_type="application/json")',
            "return JSONResponse(result.json)",
        ),
    ),
    mutation(
        "CK702",
        "no-type",
        "StreamingResponse",
        Edit(MAIN, 'events_of(result), media_type="text/event-stream", headers', "events_of(result), headers"),
    ),
    mutation(
        "CK702",
        "other-type",
        '"application/x-ndjson"',
        Edit(MAIN, 'media_type="text/event-stream"', 'media_type="application/x-ndjson"'),
    ),
    mutation(
        "CK704",
        "no-route",
        '"/chatkit"',
        Edit(
            MAIN,
            '\n\n@app.get("/health")\nasync def health() -> dict[str, str]:\n    return {"status": "ok"}\n',
            "\n",
        ),
    ),
    mutation(
        "CK707",
        "constant",
        "EVERYBODY",
        Edit(MAIN, "server.process(body, context)", "server.process(body, EVERYBODY)"),
        Edit(
            MAIN,
            "async def chatkit(request: Request, context: Annotated[RequestContext, Depends(request_context)])",
            "async def chatkit(request: Request)",
        ),
        Edit(MAIN, "from .context import RequestContext, request_context\n", ""),
        Edit(MAIN, "app = FastAPI(", "EVERYBODY = None\n\napp = FastAPI("),
        Edit(MAIN, 'app.add_middleware(BodyLimit, most=MAX_BYTES, more={"/files": MAX_UPLOAD})\n', ""),
        Edit("backend/Dockerfile", None, "FROM python:3.11\n"),
        fixable=False,
    ),
    mutation(
        "CK705",
        "none",
        "FastAPI",
        Edit(
            MAIN,
            """\
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.allowed_origins,
    allow_methods=["GET", "POST"],
    allow_headers=["*"],
)
""",
            "",
        ),
        Edit(MAIN, "from fastapi.middleware.cors import CORSMiddleware\n", ""),
        Edit("frontend/src/Chat.tsx", "url: CHATKIT_URL", "url: 'http://localhost:8000/chatkit'"),
        Edit("frontend/src/Chat.tsx", "import { CHATKIT_URL } from './server'\n", ""),
    ),
    mutation(
        "CK705",
        "slash",
        '"http://localhost:5173/"',
        Edit(MAIN, "allow_origins=settings.allowed_origins", 'allow_origins=["http://localhost:5173/"]'),
    ),
)
