CREATE TABLE `models` (
	`source` text PRIMARY KEY NOT NULL,
	`name` text,
	`removed_at` integer
) STRICT;
