CREATE TABLE `checks` (
	`run_id` text NOT NULL,
	`name` text NOT NULL,
	`attempt` integer NOT NULL,
	`detail` text NOT NULL,
	PRIMARY KEY(`run_id`, `name`)
) STRICT;
