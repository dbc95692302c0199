"""What a Store or a ChatKitServer does when it is run in place: no server, no network, no tokens.

Nothing here is imported by the doctor's own process, but for `report` and `launch`: the rest runs in the project's
Python, beside the project's own openai-chatkit, and imports nothing else of the doctor that is not in the standard
library's reach. `child.main` is the way in there, `launch.run` the way in from here.
"""
