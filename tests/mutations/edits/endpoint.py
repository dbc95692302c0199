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
)
