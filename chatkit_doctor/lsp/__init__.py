"""`chatkit-doctor lsp`, which editors speak to: `look` is what it knows of a folder, `server` what it says of it.

Between keystrokes all is kept that a keystroke does not change; what is found is told after a short pause.
"""
