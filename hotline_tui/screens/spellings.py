"""How the words of the glossary are spelled: lists find them by pinyin without loading the dictionary."""

from __future__ import annotations

from hotline_tui.rules.words import Kind, OrderState, Standing, Word

SPELLINGS: dict[Word, str] = {
    Kind.INQUIRY: "zi xun",
    Kind.HELP: "qiu zhu",
    Kind.COMPLAINT: "tou su",
    Kind.TIPOFF: "ju bao",
    Kind.SUGGESTION: "jian yi",
    Kind.PRAISE: "biao yang",
    Kind.OTHER: "qi ta",
    OrderState.RECEIVED: "dai chu li",
    OrderState.ANSWERED: "yi zhi jie da fu",
    OrderState.AWAITING_INSTRUCTION: "dai pi shi",
    OrderState.ASSIGNED: "ban li zhong",
    OrderState.REPLIED: "dai shen he fa bu",
    OrderState.AWAITING_CALLBACK: "dai hui fang",
    OrderState.UNDER_REVIEW: "dai fu cha",
    OrderState.ARCHIVED: "yi gui dang",
    OrderState.REFUSED: "bu yu shou li",
    OrderState.MERGED: "yi bing an",
    Standing.IN_TIME: "shi xian nei",
    Standing.DUE_SOON: "lin qi",
    Standing.OVERDUE: "chao qi",
    Standing.SERIOUSLY_OVERDUE: "yan zhong chao qi",
}
URGENT = "紧急"
URGENT_SPELLING = "jin ji"
