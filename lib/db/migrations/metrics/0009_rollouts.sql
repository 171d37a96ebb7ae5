CREATE TABLE `rollouts` (
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`attempt` integer NOT NULL,
	`rollouts` text NOT NULL,
	PRIMARY KEY(`run_id`, `step`)
) STRICT;
