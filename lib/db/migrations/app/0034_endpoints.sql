CREATE TABLE `endpoint_answers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`endpoint_id` integer NOT NULL,
	`request` text NOT NULL,
	`answer` text NOT NULL,
	`ended` integer NOT NULL,
	`input_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`cost` real NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`endpoint_id`) REFERENCES `endpoints`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `endpoint_answers_request` ON `endpoint_answers` (`endpoint_id`,`request`);--> statement-breakpoint
CREATE TABLE `endpoints` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`base_url` text NOT NULL,
	`model` text NOT NULL,
	`key_variable` text,
	`input_price` real NOT NULL,
	`output_price` real NOT NULL,
	`requests_per_minute` integer NOT NULL,
	`spending_cap` real,
	`next_turn_at` integer DEFAULT 0 NOT NULL,
	`spent` real DEFAULT 0 NOT NULL,
	`requests` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`removed_at` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_name` ON `endpoints` (lower("name")) WHERE "endpoints"."removed_at" IS NULL;