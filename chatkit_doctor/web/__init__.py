"""Reading and writing TypeScript, JavaScript, JSX, HTML, Vue, Svelte and Astro files with tree-sitter.

Nothing here knows ChatKit.
tree-sitter is imported when the first document is parsed. A reader's way in:

- `document.Document(source)`: the trees of a file, and places in it.
- `modules`: `imports.imports`, `imports.exports`, `origins.origin`: what comes from where.
- `evaluation`: `evaluate.Evaluator(resolver).evaluate(document, node)`: what an expression is (`values`).
- `markup.elements(document, *names)`: elements of HTML and JSX.
- `writing`: edits in the style of the file.
"""
