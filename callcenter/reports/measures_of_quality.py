"""Figures of evaluations. The score itself is worked out by `callcenter.quality.scoring`."""

from __future__ import annotations

from callcenter.reports.defining import measure
from callcenter.reports.metrics import Figure

QUALITY: tuple[Figure, ...] = (
    measure(
        "evaluations",
        "count",
        ("Evaluations", "评分数"),
        (
            "Evaluations handed in, by the time of the call. Drafts and calibrations are not in"
            " it.",
            "已提交的评分，按通话时刻归属。不含草稿与校准。",
        ),
    ),
    measure(
        "quality_score",
        "ratio",
        ("Quality score", "质检得分"),
        (
            "Mean of the scores, 0 to 100. A score is 100 × the mean of the sections, weighted by"
            " their weights; a section is the mean of its answers, weighted by the questions'"
            " weights: no 0, yes 1, a scale of n steps (answer - 1) ÷ (n - 1). What is not"
            " applicable is left out, its weight goes to the others. The worst answer to a question"
            " that fails all makes the score 0.",
            "得分（0 至 100）的平均值。得分 = 100 × 各部分按权重的平均；部分 = 各题按权重的平均："
            "否 0，是 1，n 级量表 =（所选 − 1）÷（n − 1）。不适用的题不计，其权重由其余题分担。"
            "一票否决题取最差答案时，得分为 0。",
        ),
    ),
    measure(
        "quality_passed",
        "share",
        ("Passed", "合格率"),
        (
            "Scores that reach the form's pass mark ÷ evaluations with a score.",
            "达到评分表合格线的评分 ÷ 有得分的评分。",
        ),
    ),
    measure(
        "quality_failed",
        "share",
        ("Failed by one answer", "一票否决率"),
        (
            "Evaluations that a question that fails all made 0 ÷ evaluations.",
            "因一票否决题得 0 分的评分 ÷ 评分数。",
        ),
    ),
    measure(
        "quality_disputed",
        "share",
        ("Disputed", "申诉率"),
        ("Evaluations that the agent disputed ÷ evaluations.", "坐席提出申诉的评分 ÷ 评分数。"),
    ),
)
