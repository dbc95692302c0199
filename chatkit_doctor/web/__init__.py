"""Reading and writing TypeScript, JavaScript, JSX, HTML, Vue, Svelte and Astro files with tree-sitter.

Nothing here knows ChatKit's options or rules; `options` knows only how a program hands options to ChatKit.
tree-sitter is imported when the first document is parsed. A reader's way in:

- `document.Document(source)`: the trees of a file, and places in it.
- `imports.imports`, `imports.exports`, `origins.origin`: what comes from where.
- `evaluate.Evaluator(resolver).evaluate(document, node)`: what an expression is (`values`).
- `markup.elements(document, *names)`: elements of HTML and JSX.
- `write`, `write_markup`: edits in the style of the file.
"""
