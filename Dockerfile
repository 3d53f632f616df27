# The same wheel as everywhere, in three stages: the page, the environment, and what runs.
# The result runs as a user without rights, on a read-only root; all that is kept is in /data.

FROM node:22-bookworm-slim AS explorer
WORKDIR /app/explorer
COPY explorer/package.json explorer/package-lock.json explorer/.npmrc ./
RUN npm ci
COPY explorer/ ./
RUN npm run build

FROM python:3.12-slim-bookworm AS build
# `cpu` takes torch from PyTorch's own index, some 5 GB smaller; empty takes PyPI's build with CUDA.
ARG TORCH_BACKEND=cpu
ENV UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN apt-get update \
    && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY Makefile pyproject.toml requirements.lock README.md LICENSE CHANGELOG.md ./
COPY graph/ graph/
COPY ingest/ ingest/
COPY recommend/ recommend/
COPY audit/ audit/
COPY api/ api/
COPY colineage/ colineage/
COPY --from=explorer /app/explorer/dist/ explorer/dist/
# The environment is made where it will run, since its scripts name that place. The installed wheel
# takes the place of the checkout that `make install` points to.
RUN make install TORCH_BACKEND="$TORCH_BACKEND" \
    && .venv/bin/uv build --wheel --no-build-isolation --python .venv/bin/python --out-dir dist \
    && .venv/bin/uv pip install --python .venv/bin/python --no-deps --reinstall dist/*.whl

FROM python:3.12-slim-bookworm
# git: `ingest git` and `audit` read repositories.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 colineage \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home colineage \
    && install -d -o colineage -g colineage -m 0750 /data
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    COLINEAGE_STORE=sqlite:/data/colineage.db \
    COLINEAGE_KEY=/data/key.pem \
    COLINEAGE_MODEL=package \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=4).close()"]
ENTRYPOINT ["colineage"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
