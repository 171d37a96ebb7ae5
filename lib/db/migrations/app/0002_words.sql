ALTER TABLE `judgements` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `judgements` ADD `rationale` text;--> statement-breakpoint
ALTER TABLE `judgements` ADD `rewrite` text;