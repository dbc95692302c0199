from pathlib import Path

SECRET_KEY = "for this fixture alone"
DEBUG = True
ROOT_URLCONF = "site_of.urls"
ALLOWED_HOSTS = ["*"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent.parent / "templates"],
    }
]
