ALTER TABLE `judgements` ADD `wrong_step` integer;--> statement-breakpoint
ALTER TABLE `rulings` ADD `wrong_step` integer;