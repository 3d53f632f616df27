"""MLflow as a source: the runs of a file store (`mlruns/`), read without MLflow."""

from ingest.mlflow.ingest import MLFLOW, ingest_mlflow

__all__ = ["MLFLOW", "ingest_mlflow"]
