// What module.cc registers, a function for each file.
#pragma once

void registerDraw();
void registerForward();
void registerProduct();
