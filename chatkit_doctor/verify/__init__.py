"""The Testing Checklist against a running server: ask it over HTTP what a page would ask, and judge the answers.

A sibling of the scan: it reads no project. `command.run` is the way in; httpx loads there and nowhere before.
"""
