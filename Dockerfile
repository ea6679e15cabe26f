# The image of PagerPal: built with the Swift image, run on a slim one as a user without rights.
# scripts/pin-images writes the digests of both images beside their tags, for builds that start from the same bytes each time.
ARG BUILD_IMAGE=swift:6.2-bookworm
ARG RUN_IMAGE=debian:bookworm-slim
FROM ${BUILD_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev libcurl4-openssl-dev libssl-dev libsqlite3-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product pagerpal --static-swift-stdlib && strip .build/release/pagerpal

FROM ${RUN_IMAGE}
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 libcurl4 libsqlite3-0 zlib1g tzdata ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/pagerpal pagerpal
COPY --from=build /src/.build/release/pagerpal /usr/local/bin/pagerpal
USER pagerpal
WORKDIR /var/lib/pagerpal
ENV PAGERPAL_HOST=0.0.0.0
EXPOSE 8000
VOLUME /var/lib/pagerpal
# A migration may take long before the process serves.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD curl -fsS http://127.0.0.1:${PAGERPAL_PORT:-8000}/health || exit 1
ENTRYPOINT ["pagerpal"]
CMD ["serve"]
