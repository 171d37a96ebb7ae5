CREATE TABLE `guideline_agreements` (
	`annotator_id` integer NOT NULL,
	`queue_id` integer NOT NULL,
	`number` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`annotator_id`, `queue_id`, `number`),
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `guideline_versions` (
	`queue_id` integer NOT NULL,
	`number` integer NOT NULL,
	`guidelines` text NOT NULL,
	`asks` integer NOT NULL,
	`annotator_id` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`queue_id`, `number`),
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `judgements` ADD `guidelines` integer;--> statement-breakpoint
INSERT INTO `guideline_versions` (`queue_id`, `number`, `guidelines`, `asks`, `annotator_id`, `created_at`)
  SELECT `queue_id`, row_number() OVER (PARTITION BY `queue_id` ORDER BY `seq`), `change` ->> '$.guidelines', 0, `annotator_id`, `created_at`
  FROM `queue_changes` WHERE json_type(`change`, '$.guidelines') = 'text';--> statement-breakpoint
INSERT INTO `guideline_versions` (`queue_id`, `number`, `guidelines`, `asks`, `annotator_id`, `created_at`)
  SELECT `id`, 1, `guidelines`, 0, NULL, `created_at` FROM `queues`
  WHERE `guidelines` <> '' AND `id` NOT IN (SELECT `queue_id` FROM `guideline_versions`);
