# Stands in for axllent/mailpit: takes every mail on 1025, lists them on 8025.
FROM vedette:local
USER root
COPY tests/compose/stand_ins/mailpit_run.py /mailpit
RUN chmod 755 /mailpit
ENTRYPOINT ["/mailpit"]
CMD []
