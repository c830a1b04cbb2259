# Stands in for apache/kafka where no registry of images can be reached: the same broker, configured by the same variables.
FROM vedette:local
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless \
    && useradd --uid 1000 appuser && mkdir -p /var/lib/kafka/data && chown -R appuser /var/lib/kafka
COPY deploy/kafka/libs /opt/kafka/libs
COPY tests/compose/stand_ins/kafka_run.py /usr/local/bin/run-broker
COPY tests/compose/stand_ins/kafka_answers.py /opt/kafka/bin/kafka-broker-api-versions.sh
RUN chmod 755 /usr/local/bin/run-broker /opt/kafka/bin/kafka-broker-api-versions.sh
USER appuser
CMD ["run-broker"]
