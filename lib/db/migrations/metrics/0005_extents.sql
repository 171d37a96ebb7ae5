ALTER TABLE `overviews` ADD `first` real;--> statement-breakpoint
ALTER TABLE `overviews` ADD `last` real;--> statement-breakpoint
ALTER TABLE `overviews` ADD `least` real;--> statement-breakpoint
ALTER TABLE `overviews` ADD `most` real;--> statement-breakpoint
CREATE INDEX `overviews_extent` ON `overviews` (`run_id`,`metric`,`part`,`first`,`last`,`least`,`most`);