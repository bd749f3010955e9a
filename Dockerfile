# The runtime image of Podline: scheduler, webserver, migration, pool workers and the worker of a pod. It is also
# what task images start from or copy from (docs/images.md). Without a registry: --build-arg BASE=IMAGE.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /build
COPY . .
# From sources, unless the context brings `image`, staged elsewhere by build.js and stageImage.js.
# Last, the worker is started once, with nothing to do: what Node compiles is kept beside it. Node looks for that in
# a folder of the user's own, by number: without the link the worker compiles all again, 80 ms at every start.
RUN if [ ! -d image ]; then npm ci --ignore-scripts && node runtime/packaging/build.js && node runtime/packaging/stageImage.js image; fi \
  && mv image /opt/podline \
  && ln -s bin/podline.js /opt/podline/podline \
  && { timeout 20 /opt/podline/worker/start 2> /dev/null || true; } \
  && for each in /opt/podline/worker/compiled/*-0; do ln -s "${each##*/}" "${each%-0}-10001" || exit 1; done \
  && test -n "$(ls /opt/podline/worker/compiled/*-10001/)" \
  && chmod -R go-w,a+rX /opt/podline

FROM ${BASE}
COPY --from=build /opt/podline /opt/podline
ENV NODE_ENV=production \
  HOME=/tmp \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/podline
# Writable with a read-only root, and made by the container runtime: an emptyDir costs a pod 0.3 s.
VOLUME /tmp
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["/opt/podline/podline"]
