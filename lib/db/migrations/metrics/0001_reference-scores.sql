CREATE TABLE `reference_scores` (
	`policy` text NOT NULL,
	`row` text NOT NULL,
	`log_probs` blob NOT NULL,
	PRIMARY KEY(`policy`, `row`)
) STRICT;
