"""CK309: the reference app's run, awaited, or started as one that is not streamed."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_RUN = "result = Runner.run_streamed(self._agent, agent_input, context=agent_context)"
_AWAITED = "await Runner.run_streamed(self._agent, agent_input, context=agent_context)"
_WHOLE = _RUN.replace("Runner.run_streamed", "await Runner.run")

MUTATIONS = (
    mutation("CK309", "awaited-run", _AWAITED, Edit(SERVER, _RUN, f"result = {_AWAITED}")),
    mutation(
        "CK309", "whole-result", "result", Edit(SERVER, _RUN, _RUN.replace("Runner.run_streamed", "await Runner.run"))
    ),
)
