"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caller",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("workplace", sa.String(), nullable=False),
        sa.Column("home_address", sa.String(), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("masked_name", sa.String(), nullable=False),
        sa.Column("masked_phone", sa.String(), nullable=False),
        sa.Column("masked_workplace", sa.String(), nullable=False),
        sa.Column("masked_home_address", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller")),
    )
    with op.batch_alter_table("caller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caller_phone"), ["phone"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("key", name=op.f("uq_region_key")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_site")),
    )
    op.create_table(
        "unknown_login",
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_unknown_login")),
    )
    op.create_table(
        "number_series",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_number_series_site")),
        sa.PrimaryKeyConstraint("site", "day", name=op.f("pk_number_series")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("duties", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.Column("alias_spellings", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_unit_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "office",
                "handler",
                "unit_leader",
                "city_leader",
                "authority",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR role NOT IN ('handler', 'unit_leader')", name=op.f("ck_account_unit_of_unit_roles")
        ),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_account_site")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_topic_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("path", name=op.f("uq_topic_path")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("phrasings", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=True),
        sa.Column("discarded", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "expired",
                name="articlestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_article_changed_by")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_article_topic_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_article_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index("article_revision", ["revision"], unique=False)
        batch_op.create_index("article_valid_to", ["valid_to", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_place_region_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_place_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("name", "region_id", name=op.f("uq_place_name_region_id")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_region_id"), ["region_id"], unique=False)
        batch_op.create_index("place_revision", ["revision"], unique=False)

    op.create_table(
        "learned",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_learned_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned")),
    )
    op.create_table(
        "report_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "report",
            sa.Enum(
                "bulletin",
                "weekly",
                "quarterly",
                "appraisal",
                name="report",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("problems", sa.String(), nullable=False),
        sa.Column("next_steps", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_report_text_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_text")),
        sa.UniqueConstraint("report", "first", "last", name=op.f("uq_report_text_report_first_last")),
    )
    op.create_table(
        "appraisal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_appraisal_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
        sa.UniqueConstraint("first", "last", "version", name=op.f("uq_appraisal_first_last_version")),
    )
    op.create_table(
        "calendar_row",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_calendar_row_added_by")),
        sa.PrimaryKeyConstraint("day", "source", name=op.f("pk_calendar_row")),
    )
    op.create_table(
        "noticed_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_noticed_year_added_by")),
        sa.PrimaryKeyConstraint("year", "source", name=op.f("pk_noticed_year")),
    )
    op.create_table(
        "article_opinion",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_article_opinion_account_id")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_opinion_article_id")),
        sa.PrimaryKeyConstraint("article_id", "version", "account_id", name=op.f("pk_article_opinion")),
    )
    op.create_table(
        "article_use",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_use_article_id")),
        sa.PrimaryKeyConstraint("article_id", "version", "day", name=op.f("pk_article_use")),
    )
    with op.batch_alter_table("article_use", schema=None) as batch_op:
        batch_op.create_index("article_use_day", ["day"], unique=False)

    op.create_table(
        "article_version",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("spelling", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_version_article_id")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_article_version_made_by")),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_article_version_published_by")),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_article_version")),
    )
    op.create_table(
        "missed_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.Column("unused", sa.Integer(), nullable=False),
        sa.Column("dispatched", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "written", "aside", name="missedstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_missed_question_article_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_missed_question_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_question")),
        sa.UniqueConstraint("key", name=op.f("uq_missed_question_key")),
    )
    with op.batch_alter_table("missed_question", schema=None) as batch_op:
        batch_op.create_index("missed_question_last", ["state", "last_at"], unique=False)

    op.create_table(
        "tally",
        sa.Column(
            "dimension",
            sa.Enum(
                "total",
                "kind",
                "topic",
                "channel",
                "region",
                "unit",
                "hour",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("letter", sa.Boolean(), nullable=False),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("dispatched", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("returned_late", sa.Integer(), nullable=False),
        sa.Column("redispatched", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("satisfied", sa.Integer(), nullable=False),
        sa.Column("mostly_satisfied", sa.Integer(), nullable=False),
        sa.Column("unsatisfied", sa.Integer(), nullable=False),
        sa.Column("unreached", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "day", "key", "letter", "veiled", name=op.f("pk_tally")),
    )
    op.create_table(
        "tally_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("touches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_tally_day")),
    )
    op.create_table(
        "tally_touch",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "id", name=op.f("pk_tally_touch")),
    )
    op.create_table(
        "work_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "mailbox",
                "counter",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "inquiry",
                "help",
                "complaint",
                "tipoff",
                "suggestion",
                "praise",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "answered",
                "awaiting_instruction",
                "assigned",
                "replied",
                "awaiting_callback",
                "under_review",
                "archived",
                "refused",
                "merged",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "direct", "assigned", "instructed", name="route", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("narrative", sa.String(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.Column("malicious", sa.Boolean(), nullable=False),
        sa.Column("referral", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instructed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("dispatches", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Boolean(), nullable=False),
        sa.Column("urges", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("article_version", sa.Integer(), nullable=True),
        sa.Column("answered_online", sa.Boolean(), nullable=True),
        sa.Column(
            "refusal_reason",
            sa.Enum(
                "malicious",
                "duplicate",
                "vague",
                "unanswerable",
                "advertising",
                "statutory_body",
                "legal_remedy",
                "emergency",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("refusal_told", sa.String(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "satisfied",
                "mostly_satisfied",
                "unsatisfied",
                "unreached",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("unreached", sa.Integer(), nullable=False),
        sa.Column("archive_reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_number", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('archived', 'refused', 'merged')) = (closed_at IS NOT NULL)",
            name=op.f("ck_work_order_work_order_closed"),
        ),
        sa.CheckConstraint("state <> 'answered' OR article_id IS NOT NULL", name=op.f("ck_work_order_answer")),
        sa.CheckConstraint("state <> 'merged' OR merged_into_id IS NOT NULL", name=op.f("ck_work_order_merged_into")),
        sa.CheckConstraint(
            "state <> 'refused' OR refusal_reason IS NOT NULL", name=op.f("ck_work_order_refusal_reason")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_work_order_article_id")),
        sa.ForeignKeyConstraint(["first_unit_id"], ["unit.id"], name=op.f("fk_work_order_first_unit_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["work_order.id"], name=op.f("fk_work_order_merged_into_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_work_order_region_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["account.id"], name=op.f("fk_work_order_registered_by")),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_work_order_site")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_work_order_topic_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_work_order_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("number", name=op.f("uq_work_order_number")),
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_order_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_order_region_id"), ["region_id"], unique=False)
        batch_op.create_index(
            "work_order_answered",
            ["answered_at", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NOT NULL"),
            postgresql_where=sa.text("answered_at IS NOT NULL"),
        )
        batch_op.create_index(
            "work_order_published",
            ["published_at", "id"],
            unique=False,
            sqlite_where=sa.text("published_at IS NOT NULL"),
            postgresql_where=sa.text("published_at IS NOT NULL"),
        )
        batch_op.create_index(
            "work_order_fingerprint",
            ["fingerprint"],
            unique=True,
            sqlite_where=sa.text("fingerprint IS NOT NULL"),
            postgresql_where=sa.text("fingerprint IS NOT NULL"),
        )
        batch_op.create_index(
            "work_order_given_back",
            ["state", "urgent", "received_at", "id"],
            unique=False,
            sqlite_where=sa.text("given_back IS 1"),
            postgresql_where=sa.text("given_back IS TRUE"),
        )
        batch_op.create_index(
            "work_order_open",
            ["state", "veiled", "urgent"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("work_order_received", ["received_at", "id", "veiled", "state", "route"], unique=False)
        batch_op.create_index("work_order_state", ["state", "received_at", "id"], unique=False)
        batch_op.create_index("work_order_topic", ["topic_id", "received_at", "id"], unique=False)
        batch_op.create_index("work_order_unit", ["unit_id", "received_at", "id"], unique=False)
        batch_op.create_index(
            "work_order_urgent",
            ["state", "id", "veiled"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL AND urgent IS 1"),
            postgresql_where=sa.text("closed_at IS NULL AND urgent IS TRUE"),
        )
        batch_op.create_index("work_order_waiting", ["state", "urgent", "received_at", "id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "timed",
                "promised",
                "countersigned",
                name="assignmenttype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "share",
            sa.Enum("lead", "assist", name="share", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "dispatched",
                "signed",
                "promised",
                "reply_drafted",
                "reply_approved",
                "returned",
                "cancelled",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=False),
        sa.Column("return_late", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_day", sa.Date(), nullable=True),
        sa.Column("delegated_to_id", sa.Uuid(), nullable=True),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["delegated_to_id"], ["unit.id"], name=op.f("fk_assignment_delegated_to_id")),
        sa.ForeignKeyConstraint(["dispatched_by"], ["account.id"], name=op.f("fk_assignment_dispatched_by")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_assignment_order_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_assignment_signed_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_assignment_order_id_position")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("assignment_dispatched", ["dispatched_at", "id"], unique=False)
        batch_op.create_index("assignment_unit_state", ["unit_id", "state", "order_id", "veiled"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_delegated_to_id"), ["delegated_to_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_order_id"), ["order_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_claim_account_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_claim_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_account_id"), ["account_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_presence_account_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_presence_order_id")),
        sa.PrimaryKeyConstraint("order_id", "account_id", name=op.f("pk_presence")),
    )

    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("base", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("order_id", "sequence", name=op.f("uq_event_order_id_sequence")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("event_at", ["at"], unique=False)
        batch_op.create_index(
            "event_look",
            ["at", "id"],
            unique=False,
            sqlite_where=sa.text("action = 'unmask'"),
            postgresql_where=sa.text("action = 'unmask'"),
        )
        batch_op.create_index("event_node", ["node", "id"], unique=False)

    op.create_table(
        "instruction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_instruction_order_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_instruction_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_order_id"), ["order_id"], unique=False)

    op.create_table(
        "misconduct",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fault",
            sa.Enum(
                "retaliation",
                "falsification",
                "inaction",
                name="fault",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_misconduct_order_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_misconduct_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_misconduct_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct")),
    )
    with op.batch_alter_table("misconduct", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_misconduct_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_misconduct_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "on_site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_on_site_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_site")),
    )
    with op.batch_alter_table("on_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_on_site_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_accused",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_accused_order_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_order_accused_unit_id")),
        sa.PrimaryKeyConstraint("order_id", "unit_id", name=op.f("pk_order_accused")),
    )
    with op.batch_alter_table("order_accused", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_accused_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "order_caller",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["caller_id"], ["caller.id"], name=op.f("fk_order_caller_caller_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_caller_order_id")),
        sa.PrimaryKeyConstraint("order_id", "caller_id", name=op.f("pk_order_caller")),
    )
    with op.batch_alter_table("order_caller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_caller_caller_id"), ["caller_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("countersign", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["leader_id"], ["account.id"], name=op.f("fk_report_leader_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_report_order_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["account.id"], name=op.f("fk_report_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_order_id"), ["order_id"], unique=False)

    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "duty",
            sa.Enum(
                "reply",
                "promise",
                "return",
                "instruct",
                "callback",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day_zero", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("veiled", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("met_at IS NULL OR void_at IS NULL", name=op.f("ck_deadline_met_or_void")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_deadline_assignment_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_deadline_order_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deadline_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(
            "deadline_due", ["duty", "due_at", "unit_id", "veiled", "met_at", "void_at"], unique=False
        )
        batch_op.create_index(
            "deadline_late",
            ["due_at", "met_at", "unit_id", "veiled", "duty", "order_id"],
            unique=False,
            sqlite_where=sa.text("met_at > due_at AND void_at IS NULL"),
            postgresql_where=sa.text("met_at > due_at AND void_at IS NULL"),
        )
        batch_op.create_index(
            "deadline_open",
            ["due_at", "place", "veiled", "unit_id", "duty", "order_id"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL AND void_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL AND void_at IS NULL"),
        )
        batch_op.create_index(
            "deadline_open_unit",
            ["unit_id", "due_at", "place", "veiled", "duty", "order_id"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL AND void_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL AND void_at IS NULL"),
        )
        batch_op.create_index(
            "deadline_urgent",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL AND void_at IS NULL AND urgent IS 1"),
            postgresql_where=sa.text("met_at IS NULL AND void_at IS NULL AND urgent IS TRUE"),
        )
        batch_op.create_index(batch_op.f("ix_deadline_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deadline_order_id"), ["order_id"], unique=False)

    op.create_table(
        "instructed_unit",
        sa.Column("instruction_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "share",
            sa.Enum("lead", "assist", name="share", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["instruction_id"], ["instruction.id"], name=op.f("fk_instructed_unit_instruction_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_instructed_unit_order_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_instructed_unit_unit_id")),
        sa.PrimaryKeyConstraint("instruction_id", "unit_id", name=op.f("pk_instructed_unit")),
    )
    with op.batch_alter_table("instructed_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instructed_unit_order_id"), ["order_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("promised_day", sa.Date(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_reason", sa.String(), nullable=False),
        sa.Column(
            "release",
            sa.Enum("private", "public", name="release", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("released_text", sa.String(), nullable=False),
        sa.Column("public_title", sa.String(), nullable=False),
        sa.Column("cleared", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("clear_reason", sa.String(), nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(released_at IS NULL) = (release IS NULL)", name=op.f("ck_reply_released")),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_reply_approved_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_reply_assignment_id")),
        sa.ForeignKeyConstraint(["cleared_by"], ["account.id"], name=op.f("fk_reply_cleared_by")),
        sa.ForeignKeyConstraint(["drafted_by"], ["account.id"], name=op.f("fk_reply_drafted_by")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_reply_order_id")),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_reply_released_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_reply_order_id_position")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "reply_public",
            ["released_at", "id"],
            unique=False,
            sqlite_where=sa.text("release = 'public'"),
            postgresql_where=sa.text("release = 'public'"),
        )

    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "late_return",
                "promised_day",
                name="requestmatter",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("before", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_request_request_decided")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_request_asked_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_request_assignment_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_request_decided_by")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_request_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_order_id"), ["order_id"], unique=False)

    op.create_table(
        "seal",
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_seal_event_id")),
        sa.PrimaryKeyConstraint("node", "number", name=op.f("pk_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_seal_event_id")),
    )
    op.create_table(
        "article_source",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("clear_reason", sa.String(), nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_source_article_id")),
        sa.ForeignKeyConstraint(["cleared_by"], ["account.id"], name=op.f("fk_article_source_cleared_by")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_article_source_order_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_article_source_reply_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_source")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_article_source_reply_id")),
    )
    with op.batch_alter_table("article_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_source_order_id"), ["order_id"], unique=False)

    op.create_table(
        "callback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=True),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "satisfied",
                "mostly_satisfied",
                "unsatisfied",
                "unreached",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("not_solved", sa.String(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["called_by"], ["account.id"], name=op.f("fk_callback_called_by")),
        sa.ForeignKeyConstraint(["caller_id"], ["caller.id"], name=op.f("fk_callback_caller_id")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_callback_order_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_callback_reply_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_callback_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("order_id", "attempt", name=op.f("uq_callback_order_id_attempt")),
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index("callback_called", ["called_at", "verdict", "order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_order_id"), ["order_id"], unique=False)
