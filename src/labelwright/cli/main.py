"""The entry point: finds the command, maps errors to exit codes and to lines that are not wrapped."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from labelwright import __version__
from labelwright.errors import LabelwrightError, UserError

COLLECT_AFTER = (50_000, 20, 20)  # objects: looking for cycles as often as usual is an eighth of an import
COMMANDS = {
    "create": "Make a project from a file or folder.",
    "add": "Add rows to a project.",
    "exclude": "Take items out, with a reason.",
    "include": "Take excluded items back.",
    "erase": "Destroy the content of items for good.",
    "replace": "Give an item another content.",
    "undo-import": "Exclude the items of an import.",
    "serve": "Serve the web app and the API, with a worker beside it.",
    "worker": "Run a worker: it trains models and publishes rankings.",
    "demo": "Open a living project on data that ships with the product.",
    "goal": "Set or show the goal of a project.",
    "targets": "Show the labeling plan: targets, kinds of item, roles.",
    "export-config": "Write a project as a TOML file that can live in git.",
    "apply-config": "Change a project to what a TOML file says, after a preview.",
    "certify": "Certify the goal of a project on sealed labels.",
    "labels": "Merge and split labels, after a preview.",
    "encoders": "List encoders; show or set those of a project.",
    "quality": "Set or show how answers are checked and reviewed.",
    "round": "Begin a new round, train, and publish.",
    "status": "Show where a project stands.",
    "pause": "Stop handing out items and training.",
    "resume": "Go on after a pause.",
    "archive": "Keep a project for reading alone.",
    "delete": "Delete or restore a project.",
    "simulate": "Compare strategies on labeled data.",
    "webhooks": "Show or set who is told of events.",
    "bridge": "Keep another labeling tool beside the loop.",
    "mlflow": "Send a project to an MLflow server.",
    "plan": "Choose the set-up by replaying labeled data.",
    "reproduce": "Write a model as a folder that trains it again.",
    "report": "Write a report for people who never open the app.",
    "export": "Write the labels to a CSV, JSONL or Parquet file.",
    "snapshot": "Give the labels of a moment a name.",
    "versions": "List the versions of the labels.",
    "diff": "Show what changed between two versions of the labels.",
    "evidence": "Write the record as a zip that anybody can check.",
    "model": "Write the trained model to a file.",
    "model-card": "Tell what a model is for, how good it is, and what it rests on.",
    "verify": "Check the record: chain, projections, arrays, receipts.",
    "keys": "Show and rotate the keys that sign the record.",
    "move": "Move all rows to PostgreSQL, or back to files.",
    "backup": "Copy the whole home while people go on working.",
    "users": "Add and list people, and give them projects.",
    "tokens": "Make API tokens.",
    "doctor": "Show settings and check this installation.",
}


class LazyGroup(click.Group):
    """A group that imports a command's file only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a project's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"labelwright.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="labelwright")
@click.option("--home", type=click.Path(file_okay=False), help="Folder of all data (LABELWRIGHT_HOME, ~/.labelwright).")
@click.option("--url", metavar="URL", help="Use the server at this address instead (LABELWRIGHT_URL).")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False),
    help="File that holds an API token for --url (or LABELWRIGHT_TOKEN holds the token).",
)
@click.pass_context
def group(ctx: click.Context, home: str | None, url: str | None, token_file: str | None) -> None:
    """Get a model to its target with the fewest labels, and prove every step.

    \b
    Example:
      labelwright create reviews reviews.csv --task classification --labels good,bad
      labelwright serve
    """
    ctx.obj = {"home": home, "url": url, "token_file": token_file}


def main(args: list[str] | None = None) -> object:
    """Run; exit 0 fine, 1 ours or a failed verify, 2 the user's."""
    gc.set_threshold(*COLLECT_AFTER)
    try:
        return group.main(args=args, prog_name="labelwright", standalone_mode=False)
    except UserError as error:
        complain(error.message, error.hint)
        sys.exit(2)
    except LabelwrightError as error:
        complain(error.message, error.hint)
        sys.exit(1)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        complain("Interrupted.", "")
        sys.exit(1)
    except click.UsageError as error:
        context = f" See 'labelwright {error.ctx.info_name} --help'." if error.ctx and error.ctx.parent else ""
        complain(error.format_message(), "See 'labelwright --help'." if not context else context.strip())
        sys.exit(2)
    except click.ClickException as error:
        complain(error.format_message(), "")
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("LABELWRIGHT_LOG_LEVEL", "").upper() == "DEBUG":
            raise
        complain(
            f"{type(error).__name__}: {error}",
            "This is our fault. Set LABELWRIGHT_LOG_LEVEL=DEBUG for the details; 'labelwright doctor --bundle' "
            "collects what a report needs.",
        )
        sys.exit(1)


def complain(message: str, hint: str) -> None:
    """Print an error on lines that are not wrapped."""
    click.echo(f"error: {' '.join(message.split())}", err=True)
    if hint:
        click.echo(f"hint: {' '.join(hint.split())}", err=True)
