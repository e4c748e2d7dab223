# The same start as `make run`, for a team: production settings, no root, data in /data.
#   docker build -t rootnote .
# With the faster index for large bases: --build-arg EXTRA_LOCK=requirements-tantivy.lock

FROM python:3.11-slim AS packages
ARG EXTRA_LOCK=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements.lock requirements-tantivy.lock ./
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --require-hashes --only-binary=:all: \
        -r requirements.lock ${EXTRA_LOCK:+-r "$EXTRA_LOCK"} \
    && /venv/bin/python -m pip uninstall --yes pip setuptools

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    KB_ENV=production \
    KB_DATA_DIR=/data \
    KB_CONTENT_DIR=/app/content
RUN groupadd --gid 10001 rootnote \
    && useradd --uid 10001 --gid rootnote --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin rootnote \
    && install --directory --owner rootnote --group rootnote --mode 0750 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY manage.py CHANGELOG.md ./
COPY kb kb
COPY templates templates
COPY static static
COPY scripts/check_health.py scripts/
COPY content content
# The data folder of this step holds a key made on the spot; it must not stay in the image.
RUN KB_DATA_DIR=/tmp/build python manage.py collectstatic --noinput \
    && python -m compileall -q kb \
    && rm -rf /tmp/build
VOLUME /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "scripts/check_health.py"]
CMD ["python", "manage.py", "start"]
