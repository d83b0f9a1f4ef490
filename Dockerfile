# Tests run the instructions of the first stage and the start command in an empty folder: keep paths relative there.
FROM python:3.11-slim AS build
WORKDIR /srv/peilwijs
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements-uv.lock \
    && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY questionnaires questionnaires
COPY locales locales
COPY audio audio
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . \
    && .venv/bin/pip uninstall --quiet --yes uv

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/peilwijs peilwijs
COPY --from=build /srv/peilwijs /srv/peilwijs
WORKDIR /srv/peilwijs
ENV PATH=/srv/peilwijs/.venv/bin:$PATH \
    PEILWIJS_VAR_FOLDER=/var/lib/peilwijs \
    PYTHONUNBUFFERED=1
USER peilwijs
VOLUME /var/lib/peilwijs
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/gezond', timeout=4)"]
CMD ["peilwijs", "serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "2"]
