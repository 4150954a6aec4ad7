# xsource on the CPU: the sentence model is prepared while the image is built, so a container needs no network
# but for `fetch` and `models install`. docs/container.md says how it is run.
#   docker build --tag xsource .
#   docker run --rm xsource demo
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/xsource
WORKDIR /src
COPY constraints.txt ./
# First, and of this exact version: pip then takes a CPU build where one is offered.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN /opt/xsource/bin/pip install --constraint constraints.txt --extra-index-url "$TORCH_INDEX" torch==2.13.0
COPY . .
RUN /opt/xsource/bin/pip install --constraint constraints.txt '.[serve,mcp]'

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 analyst && mkdir /data && chown analyst /data
COPY --from=build /opt/xsource /opt/xsource
ENV PATH=/opt/xsource/bin:$PATH XSOURCE_CACHE=/opt/xsource-cache XSOURCE_INDEX=/data/index PYTHONUNBUFFERED=1
RUN mkdir "$XSOURCE_CACHE" && chown analyst "$XSOURCE_CACHE"
USER analyst
# The first build prepares the model in the cache.
RUN xsource demo --index /home/analyst/prepare > /dev/null && rm -r /home/analyst/prepare
WORKDIR /data
VOLUME /data
EXPOSE 8650
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
  python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8650/health', timeout=3)" || exit 1
ENTRYPOINT ["xsource"]
CMD ["serve", "--host", "0.0.0.0"]
