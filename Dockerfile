# The service's image: built with the same locks and the same fetcher as a start on a bare machine; runs as nobody special.
FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ISVA_BOOTSTRAP=off \
    ISVA_ASSETS=/app/assets \
    STATIC_ROOT=/app/staticfiles \
    PATH=/opt/venv/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS build
COPY requirements/runtime.txt requirements/
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/runtime.txt
COPY . .
# The keys below live for one build step and guard nothing: collecting files reads the settings.
RUN ISVA_HOME=/tmp/build python -m isva.bootstrap.assets \
    && export SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    && export FIELD_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    && DATABASE_URL=postgres://nobody@127.0.0.1/none python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

FROM base
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin isva \
    && install -d -o isva -m 700 /anchor \
    && install -d -o isva -m 700 /documents
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001
EXPOSE 8000
CMD ["gunicorn", "isva.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--timeout", "60", "--max-requests", "5000", "--max-requests-jitter", "500"]
