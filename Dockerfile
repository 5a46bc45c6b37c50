# The image that helm/ runs: web, worker and migrations by the same name. An external PostgreSQL is expected.
FROM python:3.11-slim-bookworm AS made
WORKDIR /opt/anshou
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY requirements requirements
RUN python -m pip install --quiet --require-hashes --target /opt/uv -r requirements/bootstrap.txt \
 && /opt/uv/bin/uv venv --quiet --python python3.11 .venv \
 && /opt/uv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements/run.txt -r requirements/build.txt
COPY pyproject.toml README.md package.json package-lock.json .npmrc ./
COPY src src
COPY tenants tenants
COPY confidentiality confidentiality
COPY billing billing
COPY migrations migrations
RUN /opt/uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . \
 && .venv/bin/anshou assets \
 && rm -rf node_modules

FROM python:3.11-slim-bookworm
COPY --from=made /opt/anshou /opt/anshou
USER 10001:10001
WORKDIR /opt/anshou
ENTRYPOINT ["/opt/anshou/.venv/bin/anshou"]
