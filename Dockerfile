# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY bin/build-frontend.mjs bin/
COPY govuk/scss govuk/scss
COPY static static
RUN npm run build


FROM python:3.11-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement /tmp/base.txt


FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
 && apt-get install --yes --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core fonts-noto-color-emoji \
      fonts-wqy-microhei \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home cpconf
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CPCONF_PRODUCTION=true \
    WEB_BIND=0.0.0.0:8000 \
    MEDIA_ROOT=/srv/media
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
COPY --from=front-end /build/static/build static/build
# These values are read but not used: collecting files contacts neither the database nor the mail server.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build EMAIL_URL=smtp://build \
      python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q /app \
 && mkdir -p /srv/media && chown cpconf:cpconf /srv/media
USER cpconf
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s CMD ["python", "bin/healthcheck.py", "web"]
CMD ["gunicorn", "cpconf.wsgi"]
