// SPDX-License-Identifier: Apache-2.0
#ifndef GONOGO_CYAML_H
#define GONOGO_CYAML_H
#include <yaml.h>
#endif
