# The command in a container: docker run --rm -v "$PWD:/project" chatkit-doctor scan
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends git
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY chatkit_doctor chatkit_doctor
COPY rules rules
COPY fixtures/reference fixtures/reference
RUN python -m venv /opt/doctor \
    && /opt/doctor/bin/pip install --no-cache-dir --disable-pip-version-check ".[verify]" \
    && /opt/doctor/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim
COPY --from=build /opt/doctor /opt/doctor
# `scan --since` asks git for what this one file of it does alone; all of the package is 200 MB.
COPY --from=build /usr/bin/git /usr/bin/git
# git refuses a repository that somebody else owns, as it is when mounted.
RUN useradd --uid 10001 --no-create-home doctor \
    && git config --system safe.directory /project
# Whoever runs it with --user has no home; what a scan keeps for the next one goes with the container.
ENV PATH="/opt/doctor/bin:$PATH" XDG_CACHE_HOME=/tmp/cache
USER 10001
WORKDIR /project
ENTRYPOINT ["chatkit-doctor"]
CMD ["scan"]
