# The dashboard of a clinic's server, for compose.yaml; docs/clinic.md says how it is set up. Python 3.11 is what the
# locks were made for. .ci/container runs these lines without an engine, and stops at one that it does not know.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements-clinic.lock ./
RUN python -m venv /opt/heelwise \
    && /opt/heelwise/bin/pip install --require-hashes -r requirements-clinic.lock
COPY pyproject.toml README.md LICENSE ./
COPY .streamlit ./.streamlit
COPY connectors ./connectors
COPY dashboard ./dashboard
RUN /opt/heelwise/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
ENV PATH=/opt/heelwise/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HEELWISE_HOME=/var/lib/heelwise \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 heelwise \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/heelwise --shell /usr/sbin/nologin heelwise \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/heelwise /run/heelwise
COPY --from=build /opt/heelwise /opt/heelwise
WORKDIR /srv/heelwise
# Streamlit reads its settings, colours and sizes from the folder that it is started in.
COPY .streamlit ./.streamlit
USER 10001:10001
VOLUME ["/var/lib/heelwise", "/run/heelwise"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/alive', timeout=4)"]
ENTRYPOINT ["heelwise"]
CMD ["serve", "--no-browser", "--port", "8501"]
