# Stands in for postgres: Debian's server, set up by the same variables at its first start.
FROM vedette:local
USER root
RUN useradd --uid 999 --home-dir /var/lib/postgresql postgres && apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql \
    && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ \
    && mkdir -p /var/lib/postgresql/data && chown -R postgres /var/lib/postgresql && chmod 700 /var/lib/postgresql/data
COPY tests/compose/stand_ins/postgres_run.sh /usr/local/bin/run-postgres
RUN chmod 755 /usr/local/bin/run-postgres
USER postgres
CMD ["run-postgres"]
