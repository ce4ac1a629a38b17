"""Migration operations that Django does not write by itself: composite keys and the wall's groundwork."""

from django.db.migrations.operations.base import Operation


class TieToParent(Operation):
    """Adds ``(service_id, <parent>_id)`` → ``(service_id, id)`` of the parent, to a table and its history.

    A row can then never name a case (or a client) of another service, whatever the code above forgets.
    Deferrable, so that a case and its first records can be made in any order of one transaction.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, *, parent: str, column: str, history: bool = True):
        self.model_name = model_name
        self.parent = parent
        self.column = column
        self.history = history

    def deconstruct(self):
        kwargs = {"parent": self.parent, "column": self.column, "history": self.history}
        return self.__class__.__name__, [self.model_name], kwargs

    def state_forwards(self, app_label, state):
        pass

    def _tables(self, app_label, state):
        names = [self.model_name] + ([f"historical{self.model_name}"] if self.history else [])
        return [state.apps.get_model(app_label, name)._meta.db_table for name in names]

    def _constraint(self, table: str) -> str:
        return f"{table[:48]}_of_service"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        parent = to_state.apps.get_model(self.parent)._meta.db_table
        for table in self._tables(app_label, to_state):
            schema_editor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{self._constraint(table)}" '
                f'FOREIGN KEY (service_id, "{self.column}") REFERENCES "{parent}" (service_id, id) '
                f"DEFERRABLE INITIALLY DEFERRED"
            )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in self._tables(app_label, from_state):
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{self._constraint(table)}"')

    def describe(self):
        return f"Tie {self.model_name} to {self.parent} of the same service"


def tie_to_case(*model_names: str) -> list[TieToParent]:
    """The operations that tie case records (children and histories too) to the case of their own service."""
    return [TieToParent(name, parent="casework.Case", column="case_id") for name in model_names]


def tie_to_client(*model_names: str) -> list[TieToParent]:
    """The operations that tie client records to the client of their own service."""
    return [TieToParent(name, parent="casework.Client", column="client_id") for name in model_names]
