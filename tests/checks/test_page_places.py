"""CK501: the templates, configurations and roots that make a page, and how the script is written into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

URL = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"
BASE = (
    "<html>\n  <head>\n    <title>{% block title %}{% endblock %}</title>\n  </head>\n"
    "  <body>{% block main %}{% endblock %}</body>\n</html>\n"
)
CHAT = '{% extends "base.html" %}\n{% block main %}<openai-chatkit></openai-chatkit>{% endblock %}\n'
TEMPLATES = {
    "requirements.txt": "flask\n",
    "app.py": "import flask\n",
    "templates/base.html": BASE,
    "templates/chat.html": CHAT,
}


def _spans(tmp_path: Path, files: dict[str, str]) -> list[str]:
    return Folder(tmp_path, "CK501").spans(files)


def test_a_template_is_blank_where_what_it_extends_lacks_the_script_as_well(tmp_path: Path) -> None:
    (found,) = Folder(tmp_path, "CK501").findings(TEMPLATES)

    assert found.message.startswith("neither chat.html nor base.html loads chatkit.js, so <openai-chatkit>")
    assert found.at.path.name == "chat.html"
    fixed = Folder(tmp_path, "CK501").fixed(TEMPLATES, "templates/base.html")
    assert fixed == BASE.replace("</title>\n", f'</title>\n    <script src="{URL}" async></script>\n')


def test_a_template_of_its_own_and_a_part_that_others_include(tmp_path: Path) -> None:
    alone = BASE.replace("{% block main %}{% endblock %}", "{% if user %}<openai-chatkit></openai-chatkit>{% endif %}")
    (found,) = Folder(tmp_path / "alone", "CK501").findings({"templates/a.html": alone})
    assert found.message.startswith("a.html does not load chatkit.js")

    part = "{% load i18n %}<openai-chatkit></openai-chatkit>\n"
    user = BASE.replace("{% block main %}{% endblock %}", "{% include 'parts/chat.html' with a=1 %}")
    assert _spans(tmp_path / "part", {"t/parts/chat.html": part, "t/page.html": user}) == ["<openai-chatkit"]
    assert _spans(tmp_path / "unused", {"t/parts/chat.html": part}) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("templates/base.html", "<title>", f'<script src="{URL}"></script><title>'),
        ("templates/base.html", "<title>", "{% include 'scripts.html' %}<title>"),
        ("templates/base.html", "<title>", "{% include parts %}<title>"),
        ("templates/base.html", "<title>", "{{ head_scripts|safe }}<title>"),
        ("templates/base.html", "<title>", "{{ form.media }}<title>"),
        ("templates/base.html", "<title>", "{% vite_asset 'main.ts' %}<title>"),
        (
            "templates/base.html",
            "<title>",
            "<script src=\"{{ url_for('static', filename='gone.js') }}\"></script><title>",
        ),
        ("templates/base.html", "<title>", "<script src=\"{% static 'gone.js' %}\"></script><title>"),
        ("templates/base.html", "<title>", '<script src="{{ script }}"></script><title>'),
        ("templates/chat.html", '"base.html"', "base"),
        ("templates/chat.html", '"base.html"', '"other.html"'),
        ("templates/chat.html", "{% block main %}", f'{{% block main %}}<script src="{URL}" async></script>'),
    ],
)
def test_a_template_that_may_get_the_script_is_left_alone(path: str, old: str, new: str, tmp_path: Path) -> None:
    files = TEMPLATES | {path: TEMPLATES[path].replace(old, new)}
    assert files != TEMPLATES
    assert _spans(tmp_path, files) == []


def test_a_script_of_the_project_in_a_template_is_looked_into(tmp_path: Path) -> None:
    base = BASE.replace("<title>", "<script src=\"{% static 'js/own.js' %}\"></script><title>")
    files = TEMPLATES | {"templates/base.html": base, "static/js/own.js": "start()\n"}
    assert _spans(tmp_path / "idle", files) == ["<openai-chatkit"]
    loading = f"const s = document.createElement('script')\ns.src = '{URL}'\n"
    assert _spans(tmp_path / "loads", files | {"static/js/own.js": loading}) == []


REACT = "import { ChatKit } from '@openai/chatkit-react'\nexport default (p) => <ChatKit control={p.control} />\n"
HTML_ROOT = "export default ({ children }) => <html><head></head><body>{children}</body></html>\n"


@pytest.mark.parametrize(
    ("package", "path", "text", "written"),
    [
        (
            "@docusaurus/core",
            "docusaurus.config.js",
            "export default {\n  title: 'a',\n}\n",
            "scripts: [{ src: 'URL', async: true }],",
        ),
        (
            "@docusaurus/core",
            "docusaurus.config.ts",
            'const config: Config = {\n  title: "a",\n  scripts: [\n    "/a.js",\n  ],\n};\nexport default config;\n',
            '"/a.js",\n    { src: "URL", async: true },\n  ],',
        ),
        (
            "@docusaurus/core",
            "docusaurus.config.js",
            "module.exports = { scripts: [] };\n",
            'scripts: [{ src: "URL", async: true }]',
        ),
        (
            "@docusaurus/core",
            "docusaurus.config.js",
            "module.exports = async function make() {\n  return {\n    title: 'a'\n  }\n}\n",
            "    title: 'a',\n    scripts: [{ src: 'URL', async: true }]\n",
        ),
        (
            "nuxt",
            "nuxt.config.ts",
            "export default defineNuxtConfig({ ssr: false })\n",
            "ssr: false, app: { head: { script: [",
        ),
        (
            "nuxt",
            "nuxt.config.ts",
            "export default defineNuxtConfig({\n  app: {\n    head: { script: [{ src: '/a.js' }] }\n  },\n})\n",
            "script: [{ src: '/a.js' }, { src: 'URL', async: true }] }",
        ),
        ("expo-router", "app/+html.tsx", HTML_ROOT, '<head><script src="URL" async /></head>'),
        ("@react-router/dev", "app/root.tsx", HTML_ROOT, '<head><script src="URL" async /></head>'),
    ],
)
def test_the_script_goes_where_the_framework_takes_it(
    package: str, path: str, text: str, written: str, tmp_path: Path
) -> None:
    files = {"package.json": f'{{"dependencies": {{"{package}": "*"}}}}', path: text, "src/Chat.jsx": REACT}
    fixed = Folder(tmp_path, "CK501").fixed(files, path)

    assert fixed is not None
    assert written.replace("URL", URL) in fixed


@pytest.mark.parametrize(
    "text",
    [
        "import base from 'shared'\nexport default base\n",
        "export default defineNuxtConfig({ app: { head: useHead } })\n",
        "export default defineNuxtConfig({ app: appOf(1) })\n",
        "export default merge({ ssr: false }, other)\n",
    ],
)
def test_a_configuration_that_is_made_elsewhere_is_not_written(text: str, tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"nuxt": "*"}}', "nuxt.config.ts": text, "src/Chat.jsx": REACT}
    (found,) = Folder(tmp_path, "CK501").findings(files)
    assert found.fix is None


@pytest.mark.parametrize(
    ("script", "loading"),
    [
        ("<script>OPTIONS</script>", ""),
        ('<script type="module">OPTIONS</script>', ""),
        ("<script>document.addEventListener('DOMContentLoaded', () => { OPTIONS })</script>", " defer"),
        ("<script>window.addEventListener('load', () => { OPTIONS })</script>", " async"),
        ("<script>customElements.whenDefined('openai-chatkit').then(() => OPTIONS)</script>", " async"),
    ],
)
def test_the_script_is_there_when_the_page_hands_over_its_options(script: str, loading: str, tmp_path: Path) -> None:
    options = "document.querySelector('openai-chatkit').setOptions({ api: { url: '/chatkit', domainKey: 'k' } })"
    body = f"<openai-chatkit></openai-chatkit>{script.replace('OPTIONS', options)}"
    page = f"<html>\n  <head>\n    <title>a</title>\n  </head>\n  <body>{body}</body>\n</html>\n"

    fixed = Folder(tmp_path, "CK501").fixed({"index.html": page}, "index.html")

    assert fixed is not None
    assert f'<script src="{URL}"{loading}></script>' in fixed


ELEMENT = "<?php\nfunction chat() {\n\treturn '<openai-chatkit id=\"' . $id . '\"></openai-chatkit>';\n}\n"


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({}, 1),
        ({"more.php": f"<?php wp_enqueue_script('chatkit', '{URL}');\n"}, 0),
        ({"more.php": "<?php wp_enqueue_script('chatkit', $url);\n"}, 0),
        ({"more.php": "<?php wp_enqueue_script('kit', plugins_url('js/gone.js', __FILE__));\n"}, 0),
        ({"more.php": "<?php wp_enqueue_script('a', plugins_url('js/a.js', __FILE__));\n", "js/a.js": "a()\n"}, 1),
        ({"more.php": "<?php wp_enqueue_script('jquery');\n"}, 1),
        ({"more.php": "<?php\n  // wp_enqueue_script('chatkit', $url);\n"}, 1),
    ],
)
def test_an_element_that_php_prints(files: dict[str, str], count: int, tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK501").findings({"plugin.php": ELEMENT, **files})

    assert len(found) == count
    assert all(each.fix is None for each in found)


def test_another_script_that_wordpress_is_given_is_replaced(tmp_path: Path) -> None:
    wrong = "https://unpkg.com/@openai/chatkit@1.9.0/dist/chatkit.js"
    plugin = f"<?php\nwp_enqueue_script( 'chatkit', \"{wrong}\", [], null );\n"
    folder = Folder(tmp_path, "CK502")
    assert folder.spans({"plugin.php": plugin}) == [wrong]
    assert folder.fixed({"plugin.php": plugin}, "plugin.php") == plugin.replace(wrong, URL)
    assert folder.spans({"plugin.php": plugin.replace("wp_enqueue", "# wp_enqueue")}) == []


OPTIONS = "document.querySelector('openai-chatkit').setOptions({ api: { url: '/a' } })"


@pytest.mark.parametrize(
    ("page", "is_fixed"),
    [
        (f"<?php get_header(); ?>\n<script>{OPTIONS}</script>\n<openai-chatkit></openai-chatkit>\n", True),
        (f"<?php echo <<<HTML\n<openai-chatkit></openai-chatkit><script>{OPTIONS}</script>\nHTML;\n", False),
        (f'<?php echo "<openai-chatkit></openai-chatkit><script>{OPTIONS}</script>";\n', False),
    ],
)
def test_only_what_stands_outside_of_code_is_written(page: str, is_fixed: bool, tmp_path: Path) -> None:
    (found,) = Folder(tmp_path, "CK401").findings({"page.php": page})
    assert (found.fix is not None) is is_fixed


COPY = f"customElements.define('openai-chatkit', class extends HTMLElement {{}}) // {URL}\n"


def test_a_copy_of_the_script_that_is_imported(tmp_path: Path) -> None:
    main = "import './lib/kit'\ndocument.body.append(document.createElement('openai-chatkit'))\n"
    folder = Folder(tmp_path, "CK503")
    assert folder.spans({"src/main.js": main, "src/lib/kit.js": COPY}) == ["'./lib/kit'"]
    own = f"const s = document.createElement('script')\ns.src = '{URL}'\ncustomElements.whenDefined('openai-chatkit')\n"
    assert folder.spans({"src/main.js": main, "src/lib/kit.js": own}) == []


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        (f'\'<script src="{URL}" integrity="sha384-a"></script>\'', f"'<script src=\"{URL}\"></script>'"),
        (f'"<script src=\\"{URL}\\" integrity=\\"sha384-a\\"></script>"', None),
        (f"\"<script src='{URL}' integrity='$hash'></script>\"", None),
    ],
    ids=["single quotes", "escapes", "a variable"],
)
def test_what_php_prints_loses_no_half_of_an_escape(printed: str, mended: str | None, tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK503")
    page = "<?php\necho %s;\necho '<openai-chatkit></openai-chatkit>';\n"

    assert folder.fixed({"page.php": page % printed}, "page.php") == (page % mended if mended else None)
    assert len(folder.findings({})) == 1
