from __future__ import annotations

import pytest

from chatkit_doctor.contracts.domain_keys import is_placeholder_key


@pytest.mark.parametrize(
    "text",
    [
        *(
            "local-dev",
            "localhost",
            "local",
            "dev",
            "domain_pk_localhost_dev",
            "domain_pk_local_dev",
            "local-development",
        ),
        *(
            "your-domain-key",
            "YOUR_DOMAIN_KEY",
            "<your key>",
            "domain_pk",
            "domain_pk_...",
            "domain-key",
            "placeholder",
        ),
        *("taskpilot-local-dev", "test", "example.com", "xxx", "changeme", "TODO", "chatkit", "none"),
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "domain_pk_69ea3fd1be08819098782d5a22ca589201053bea45511d76",
        " domain_pk_69ea3fd1be08819098782d5a22ca589201053bea45511d76\n",
        *("{{ domain_key }}", "<?= $key ?>", "<%= key %>", "%CHATKIT_DOMAIN_KEY%", "__DOMAIN_KEY__", "${DOMAIN_KEY}"),
        *("$DOMAIN_KEY", "acme", "device-42", "localization"),
    ],
)
def test_keys_and_what_is_filled_in_later(text: str) -> None:
    assert not is_placeholder_key(text)
