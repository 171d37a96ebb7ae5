"""IFEval's own checks (Zhou et al. 2023, arXiv 2311.07911), as lm-eval has them, for rows of this folder."""

from lm_eval.tasks.ifeval.utils import agg_inst_level_acc, process_results

__all__ = ["agg_inst_level_acc", "process_results"]
