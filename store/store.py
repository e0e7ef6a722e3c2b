"""Everything that an office remembers, behind one door."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from editorial.clock import Clock
from store.accounts import AccountTable
from store.api_answers import ApiAnswerTable
from store.api_tokens import ApiTokenTable
from store.approvals import ApprovalTable
from store.attempts import AttemptTable
from store.audit import AuditLog
from store.audit_head import HeadFile
from store.channel_figures import ChannelFigureTable
from store.connections import ConnectionTable
from store.corrections import CorrectionTable
from store.database import Database
from store.decisions import Decisions
from store.deliveries import DeliveryLedger
from store.delivery_pages import DeliveryPages
from store.delivery_tally import DeliveryTally
from store.drafts import DraftTable
from store.election import Seat
from store.emergencies import EmergencyTable
from store.entries import EntryTable
from store.entry_texts import EntryTextTable
from store.feeds import FeedTable
from store.halts import HaltTable
from store.handles import HandleTable
from store.installation import InstallationRow
from store.invariants import Invariants
from store.invitations import InvitationTable
from store.media import MediaStore
from store.migration import migrate
from store.posts import PostTable
from store.readable import encrypt_readable
from store.readings import ReadingTable
from store.secrets import SecretTable
from store.sessions import SessionTable
from store.settings import SettingTable
from store.sightings import SightingTable
from store.signatures import Signatures
from store.sources import SourceTable
from store.steps import StepTable
from store.submissions import SubmissionTable
from store.template_approvals import TemplateApprovalTable
from store.template_versions import TemplateVersionTable
from store.trials import TrialTable
from store.vault import KeyPlace, Vault, key_place_of
from store.webhooks import WebhookTable
from store.workflow import WorkflowTable


class Store:
    """The tables of one office. Safe to use from several threads and processes."""

    def __init__(
        self, database: Database, clock: Clock, media_folder: Path | None, heads: HeadFile | None = None,
        media: MediaStore | None = None, vault: Vault | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self.clock = clock
        self.media = media
        self.vault = vault or Vault(database, KeyPlace())
        self.posts = PostTable(database, clock, media_folder)
        self.sources = SourceTable(database, clock, self.posts)
        self.entries = EntryTable(database, clock)
        self.drafts = DraftTable(database, clock)
        self.entry_texts = EntryTextTable(database, clock)
        self.template_versions = TemplateVersionTable(database, clock)
        self.template_approvals = TemplateApprovalTable(database, clock)
        self.submissions = SubmissionTable(database, clock, self.posts)
        self.approvals = ApprovalTable(database, clock, self.posts)
        self.deliveries = DeliveryLedger(database, clock, self.posts)
        self.delivery_pages = DeliveryPages(database)
        self.delivery_tally = DeliveryTally(database, clock)
        self.steps = StepTable(database, clock)
        self.connections = ConnectionTable(database, clock, self.vault)
        self.channel_figures = ChannelFigureTable(database, clock)
        self.decisions = Decisions(database, clock)
        self.attempts = AttemptTable(database, clock)
        self.handles = HandleTable(database, clock)
        self.sightings = SightingTable(database, clock)
        self.readings = ReadingTable(database, clock)
        self.secrets = SecretTable(database, clock, self.vault)
        self.halts = HaltTable(database, clock)
        self.audit = AuditLog(database, clock, heads)
        self.signatures = Signatures(database)
        self.installation = InstallationRow(database, clock)
        self.settings = SettingTable(database)
        self.corrections = CorrectionTable(database, clock, self.posts)
        self.workflow = WorkflowTable(database, clock)
        self.emergencies = EmergencyTable(database, clock)
        self.feeds = FeedTable(database, clock)
        self.invariants = Invariants(database)
        self.accounts = AccountTable(database, clock, self.vault)
        self.invitations = InvitationTable(database, clock)
        self.sessions = SessionTable(database, clock, self.vault)
        self.trials = TrialTable(database, clock)
        self.api_tokens = ApiTokenTable(database, clock)
        self.api_answers = ApiAnswerTable(database, clock)
        self.webhooks = WebhookTable(database, clock, self.vault)

    @classmethod
    def open(
        cls, url: str, *, clock: Clock, media_folder: Path | None = None, heads: HeadFile | None = None,
        media: MediaStore | None = None, keys: KeyPlace | None = None,
    ) -> Self:  # fmt: skip
        """Open the database, making or upgrading its tables; raise BadInput when it is no database of ours.

        Raise Away when its server does not answer now: it may be asked again.

        Media under `media_folder`, or in `media`, are kept by their place in it; `heads` is where the audit log is witnessed.
        `keys` is where the key of what is secret lies: beside SQLite's file, or in a variable, where nothing else is said.
        """
        media_folder = media.folder if media else media_folder
        database = Database(url, heads)
        vault = Vault(database, keys or key_place_of(url))
        try:
            migrate(database, clock.now())
            if vault.can_encrypt():
                encrypt_readable(database, vault)
        except BaseException:
            database.close()
            raise
        return cls(database, clock, media_folder, heads, media, vault)

    def seat(self) -> Seat:
        """Return a candidacy for the clock of the processes that share the database; PostgreSQL only."""
        return Seat(self._database)

    def server_now(self) -> datetime:
        """Return the database server's clock; PostgreSQL only."""
        return self._database.server_now()

    def keep_room(self) -> None:
        """Raise NoRoom where nothing new may be begun, since its result might not be written down any more."""
        self._database.keep_room()

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
